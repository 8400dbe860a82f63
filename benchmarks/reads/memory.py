def memory(settings, found):
    return ""
