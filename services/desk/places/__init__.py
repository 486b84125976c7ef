"""Questions on places: whom to ask, what was answered, and answering others."""
