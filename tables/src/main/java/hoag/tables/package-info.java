/** Table formats that STIL, the library under TOPCAT, reads and writes. */
package hoag.tables;
