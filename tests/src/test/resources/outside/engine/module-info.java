module outside.engine {
    requires hoag.engine;
}
