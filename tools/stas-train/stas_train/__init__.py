"""Training recipe and readable PyTorch reference of the models that stas compiles."""
