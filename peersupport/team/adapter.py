from allauth.account.adapter import DefaultAccountAdapter


class TeamAdapter(DefaultAccountAdapter):
    pass
