"""An officer who asks for help leaves no trace: not when all goes well, not when refused, not when the code fails."""
