"""What a page may say of something that has just ended."""


def erasure_sentence(*, is_erased: bool) -> str:
    """ "Erased" is only said once the key is gone."""
    return "It is erased." if is_erased else "Its key is being destroyed; that is done within minutes."
