"""QR codes for pages."""


def modules(text: str) -> list[list[bool]]:
    """Dark or light, row by row, with the white border of four that a camera needs."""
    import qrcode  # slow to load

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(each) for each in row] for row in code.get_matrix()]
