"""Staff of the centre. Reporters have no account."""

from django.contrib.auth.models import AbstractUser


class Staff(AbstractUser):
    """A person who works at the centre."""

    class Meta:
        """Plain words for the desk."""

        verbose_name = "member of staff"
        verbose_name_plural = "staff"
