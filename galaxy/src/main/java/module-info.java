/** Pictures, catalogues, trees, backbones, learning, and the command line. */
module hoag.galaxy {
    requires transitive hoag.engine;
    requires transitive java.desktop;
    requires transitive nom.tam.fits;
    requires commons.math3;
    requires de.siegmar.fastcsv;
    requires info.picocli;
    requires java.logging;
    requires java.sql;
    requires jdk.httpserver;
    requires jdk.incubator.vector;

    exports hoag.galaxy;
    exports hoag.galaxy.active;
    exports hoag.galaxy.attend;
    exports hoag.galaxy.cluster;
    exports hoag.galaxy.data;
    exports hoag.galaxy.image;
    exports hoag.galaxy.labels;
    exports hoag.galaxy.learn;
    exports hoag.galaxy.map;
    exports hoag.galaxy.metrics;
    exports hoag.galaxy.models;
    exports hoag.galaxy.report;
    exports hoag.galaxy.serve;
    exports hoag.galaxy.simulate;
    exports hoag.galaxy.survey;
    exports hoag.galaxy.tree;

    uses hoag.galaxy.data.TableFormat;

    opens hoag.galaxy.cli to
            info.picocli;
}
