// Takes the link layer off a frame: what is left is an IP packet, or nothing that we follow.
//
// Ethernet II with any number of VLAN tags (802.1Q, 802.1ad) or MPLS labels, Linux cooked capture v1 and v2, BSD loopback, raw IP.
// Cost: constant. Thread-safety: pure but for the counts.
#pragma once

#include "traces/capture/packet.h"

namespace imspect::capture {

/// The IP packet within, empty where there is none; then the reason has been counted.
Bytes strip_link_layer(const Packet& packet, Account& account);

}  // namespace imspect::capture
