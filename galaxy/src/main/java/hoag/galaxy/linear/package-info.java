/** Products and eigenvectors in double precision, as fast as the Vector API makes them. */
package hoag.galaxy.linear;
