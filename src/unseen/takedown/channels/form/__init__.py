"""The channel of forms: a person fills in what is prepared here."""
