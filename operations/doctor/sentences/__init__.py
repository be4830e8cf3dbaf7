"""The sentences of the doctor, by subject: of each check its title, of each finding what is said and what to do."""
