"""The program in a language made up for tests: English in which every vowel of a marked sentence has an accent."""
