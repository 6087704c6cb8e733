// A story as a ladder: one lifeline a node, messages as arrows, and beside each step what it was and what it changed.
//
//   ●──SM1──▶        sent: an arrow from the lifeline of the sender to that of the receiver
//   SM1 ▷●           received: the message enters the lifeline of the node that takes it
//   ───SM9──╳        lost: the message ends on the way
//   ●                an internal step, a timeout
//
// Sending and receiving are two steps of two nodes, and what happens between them is what most stories are about; so a
// message is drawn where it is sent and again, small, where it is taken. Cost: linear in the story.
// Thread-safety: values.
#pragma once

#include <string>

#include "report/story.h"
#include "report/text_layout.h"

namespace imspect::report {

/// Lines end with '\n'. Systems with more lifelines than the page has room for get the notes alone.
[[nodiscard]] std::string ladder(const Story& story, const Style& style);

}  // namespace imspect::report
