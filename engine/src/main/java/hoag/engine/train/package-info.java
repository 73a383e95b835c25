/** Optimizers, schedules, losses. */
package hoag.engine.train;
