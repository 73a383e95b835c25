package hoag.cuda;

import jcuda.Pointer;
import jcuda.driver.CUfunction;

/** One kernel with its grid and its argument, ready to start any number of times. */
record Call(String name, CUfunction function, Grid grid, Pointer arguments) {}
