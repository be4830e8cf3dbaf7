def program(request):
    return {}
