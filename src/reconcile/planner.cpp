namespace gk {}
