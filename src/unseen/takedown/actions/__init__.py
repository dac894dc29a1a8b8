"""Every write of takedown: `steps` of an item, `sending` a notice, `mail` that came back."""
