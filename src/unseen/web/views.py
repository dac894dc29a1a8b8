"""The log-in of the desk."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from unseen.accounts.queries import anybody_can_log_in


@method_decorator((sensitive_post_parameters("password"), never_cache), name="dispatch")
class LogIn(LoginView):
    """Name and password of a member of staff."""

    template_name = "web/log_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """On a new desk, whoever comes first must learn that nobody can log in yet, and what to do."""
        return {**super().get_context_data(**kwargs), "nobody_yet": not anybody_can_log_in()}
