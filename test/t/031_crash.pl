# Nothing is lost by kill -9 of a worker or an immediate shutdown; a few turns
# of test/faults/crash.  "make faults" makes a hundred.
use strict;
use warnings;

use FindBin;

exec($^X, (map { ('-I', $_) } @INC), "$FindBin::RealBin/../faults/crash", 6) or die "could not run it: $!";
