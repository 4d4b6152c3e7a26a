# Nothing is lost by kill -9 of a worker or an immediate shutdown.
use strict;
use warnings;

use FindBin;

@ARGV = (6);
do "$FindBin::RealBin/../faults/crash" or die $@ || $!;
