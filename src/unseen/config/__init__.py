"""Options from the environment, Django's settings built from them, and the checks that name a wrong one."""
