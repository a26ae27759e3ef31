"""What can go wrong in training, told to the person who runs it."""


class TrainingError(Exception):
    """Material or settings that training cannot use; the message says which and what to do."""
