import './place.cts';
import './place.mts?again';
import './place.mts';
