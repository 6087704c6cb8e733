#include "traces/capture/packet.h"

#include <fmt/format.h>

#include "traces/capture/pcap_file.h"
#include "traces/capture/pcapng_file.h"

namespace imspect::capture {

Result<std::unique_ptr<PacketReader>> open_packets(Source& source, std::uint32_t file, Account& account,
                                                   const std::string& name) {
    const Bytes head = source.want(PcapFile::kHeader);
    if (PcapngFile::starts(head)) return std::unique_ptr<PacketReader>(std::make_unique<PcapngFile>(source, file, account));
    if (PcapFile::starts(head)) return std::unique_ptr<PacketReader>(std::make_unique<PcapFile>(source, file, account));
    std::string found = fmt::format("it starts with {:02x}", fmt::join(head.first(std::min<std::size_t>(head.size(), 4)), " "));
    if (head.empty()) found = "it is empty";
    if (!source.trouble().empty()) found = source.trouble();
    return Error{"not-a-capture", fmt::format("not a capture: expected pcap, pcapng or gzip of one, but {}", found), name, "", ""};
}

}  // namespace imspect::capture
