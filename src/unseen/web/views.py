"""The log-in of the desk."""

from django.contrib.auth.views import LoginView
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters


@method_decorator((sensitive_post_parameters("password"), never_cache), name="dispatch")
class LogIn(LoginView):
    """Name and password of a member of staff."""

    template_name = "web/log_in.html"
    redirect_authenticated_user = True
