module outside.galaxy {
    requires hoag.galaxy;
}
