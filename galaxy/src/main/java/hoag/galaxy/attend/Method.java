package hoag.galaxy.attend;

import hoag.galaxy.models.Backbone;
import hoag.galaxy.models.LinformerVit;
import hoag.galaxy.models.VisionTransformer;

/** How a map is made. */
public enum Method {
    /**
     * Evidence for one answer: the last maps of the network, each weighted by the mean of its gradient, negative sums cut (Grad-CAM, Selvaraju et
     * al. 2017). For transformers on the tokens of the last block.
     */
    GRADCAM,
    /** Attention of all blocks: the product of their mean over heads, half of each being the token itself (Abnar and Zuidema 2020). */
    ROLLOUT,
    /** Attention of the last block, mean over heads. */
    ATTENTION;

    /** Rollout for transformers, else Grad-CAM. */
    public static Method suited(Backbone backbone) {
        return isTransformer(backbone) ? ROLLOUT : GRADCAM;
    }

    /** Whether a class token, or the mean of tokens, looks at patches. */
    static boolean isTransformer(Backbone backbone) {
        return backbone instanceof VisionTransformer || backbone instanceof LinformerVit;
    }
}
