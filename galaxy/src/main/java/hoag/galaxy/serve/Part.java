package hoag.galaxy.serve;

import java.util.List;

/**
 * A part of what is served: its routes, and the tabs of the page that they fill. The script of a tab is {@code page/TAB.js}; the page shows the tabs
 * that the server names, in their order, and no others.
 */
interface Part extends AutoCloseable {
    /** Names of tabs. */
    default List<String> tabs() {
        return List.of();
    }

    /** What can be asked. */
    List<Route> routes();

    /** Gives back what it holds beside what is served. */
    @Override
    default void close() {}
}
