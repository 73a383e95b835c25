/**
 * What Hoag does, as verbs: {@link hoag.galaxy.Predict}, {@link hoag.galaxy.Represent}, {@link hoag.galaxy.Train},
 * {@link hoag.galaxy.Finetune}, {@link hoag.galaxy.Evaluate}; the command line calls the same with the same options. {@link hoag.galaxy.Model}
 * answers for one picture in memory. Nothing here prints, ends the JVM, or depends on the default locale; work is heard of and stopped through a
 * {@link hoag.galaxy.learn.Progress}, and what a call opens it closes. What goes wrong is a {@link hoag.kernels.HoagException} of one line.
 */
package hoag.galaxy;
