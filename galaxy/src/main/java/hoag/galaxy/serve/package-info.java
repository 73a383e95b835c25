/** A survey served to browsers and programs over HTTP: routes, the document that describes them, who may call them, and the page. */
package hoag.galaxy.serve;
