/** Parquet tables of plain columns, read and written without a further library. */
package hoag.galaxy.parquet;
