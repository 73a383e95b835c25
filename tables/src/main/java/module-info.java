/** VOTable and ECSV by STIL; found as a service. */
module hoag.tables {
    requires hoag.galaxy;
    requires java.logging;
    requires stil;

    provides hoag.galaxy.data.TableFormat with
            hoag.tables.VoTable,
            hoag.tables.Ecsv;
}
