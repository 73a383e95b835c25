/** Learning with a person in the loop: what to ask next, and what the answers say of the rest. */
package hoag.galaxy.active;
