/*
 * sink_list.h
 *	  Every sink, in the order in which hints list them.
 *
 * SD_SINK(name) stands for the SdSink sd_sink_name of sink/name.c.  Includers
 * define the macro; there is no include guard on purpose.
 */
SD_SINK(pagerduty)
SD_SINK(webhook)
