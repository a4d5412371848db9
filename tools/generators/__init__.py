"""Writers of what is committed and yet follows from other files, each with a make target."""
