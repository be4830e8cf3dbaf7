"""Of whoever asks for help nothing stays: not when it goes well, not when it is refused, not when the code fails."""
