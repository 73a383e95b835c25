package hoag.galaxy.learn;

import hoag.engine.train.Adagrad;
import hoag.engine.train.Adam;
import hoag.engine.train.AdamW;
import hoag.engine.train.Lamb;
import hoag.engine.train.Lion;
import hoag.engine.train.NAdam;
import hoag.engine.train.Optimizer;
import hoag.engine.train.RmsProp;
import hoag.engine.train.Sgd;

/** How weights move, and how the learning rate goes. */
public record Rule(Method optimizer, Course schedule) {
    /** AdamW, the rate along a cosine. */
    public static final Rule USUAL = new Rule(Method.ADAMW, Course.COSINE);

    /** Optimizers, with PyTorch's or timm's numbers but for the weight decay. */
    public enum Method {
        /** Adam with decoupled weight decay. */
        ADAMW,
        /** Adam; the decay is part of the gradient. */
        ADAM,
        /** Adam with Nesterov's look ahead. */
        NADAM,
        /** Gradient descent with momentum 0.9. */
        SGD,
        /** The sign of an average gradient; a third of AdamW's rate suits it. */
        LION,
        /** Adam scaled layer by layer, for large batches. */
        LAMB,
        /** Gradients over their running root mean square. */
        RMSPROP,
        /** Gradients over the root of all their squares so far. */
        ADAGRAD;

        /** The optimizer with a weight decay. */
        public Optimizer make(double weightDecay) {
            return switch (this) {
                case ADAMW -> new AdamW(0.9, 0.999, 1e-8, weightDecay);
                case ADAM -> new Adam(0.9, 0.999, 1e-8, weightDecay, false);
                case NADAM -> new NAdam(0.9, 0.999, 1e-8, weightDecay, 4e-3);
                case SGD -> new Sgd(0.9, weightDecay);
                case LION -> new Lion(0.9, 0.99, weightDecay);
                case LAMB -> new Lamb(0.9, 0.999, 1e-6, weightDecay, 1, false, false);
                case RMSPROP -> new RmsProp(0.99, 1e-8, 0, false, weightDecay, false);
                case ADAGRAD -> new Adagrad(0, 1e-10, weightDecay, 0);
            };
        }
    }

    /** How the rate goes after the warm-up. */
    public enum Course {
        /** Half a cosine down to a thousandth. */
        COSINE,
        /** To a tenth when 6 epochs in a row brought no better loss (of validation, where there is some); down to a thousandth. */
        PLATEAU,
        /** To a tenth after each third of the steps. */
        STEP,
        /** It stays. */
        CONSTANT
    }
}
