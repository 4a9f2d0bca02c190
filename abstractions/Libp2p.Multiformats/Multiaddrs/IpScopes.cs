using System.Buffers.Binary;

namespace Libp2p.Multiformats;

internal enum IpScope
{
    /// <summary>No IP address.</summary>
    None,
    Unspecified,
    Loopback,
    LinkLocal,
    Private,

    /// <summary>Multicast, broadcast, documentation and other special ranges.</summary>
    Reserved,
    GlobalUnicast,
}

/// <summary>The special-purpose ranges of RFC 6890 and its registries.</summary>
internal static class IpScopes
{
    public static IpScope Of4(ReadOnlySpan<byte> address)
    {
        var ip = BinaryPrimitives.ReadUInt32BigEndian(address);
        return address[0] switch
        {
            0 => ip == 0 ? IpScope.Unspecified : IpScope.Reserved,
            10 => IpScope.Private,
            100 when In(ip, 0x64400000, 10) => IpScope.Private,
            127 => IpScope.Loopback,
            169 when In(ip, 0xA9FE0000, 16) => IpScope.LinkLocal,
            172 when In(ip, 0xAC100000, 12) => IpScope.Private,
            192 when In(ip, 0xC0A80000, 16) => IpScope.Private,

            // IETF protocol assignments, documentation, 6to4 relays.
            192 when In(ip, 0xC0000000, 24) || In(ip, 0xC0000200, 24) || In(ip, 0xC0586300, 24) => IpScope.Reserved,

            // Benchmarking, documentation.
            198 when In(ip, 0xC6120000, 15) || In(ip, 0xC6336400, 24) => IpScope.Reserved,
            203 when In(ip, 0xCB007100, 24) => IpScope.Reserved,

            // Multicast, future use, broadcast.
            >= 224 => IpScope.Reserved,
            _ => IpScope.GlobalUnicast,
        };
    }

    public static IpScope Of6(ReadOnlySpan<byte> address)
    {
        if (IpText.IsMapped4(address))
        {
            return Of4(address[12..]);
        }

        if (!address[..15].ContainsAnyExcept((byte)0) && address[15] <= 1)
        {
            return address[15] == 0 ? IpScope.Unspecified : IpScope.Loopback;
        }

        var head = BinaryPrimitives.ReadUInt32BigEndian(address);
        if (In(head, 0xFC000000, 7))
        {
            return IpScope.Private;
        }

        if (In(head, 0xFE800000, 10))
        {
            return IpScope.LinkLocal;
        }

        // 64:ff9b::/96 (NAT64) leads to public IPv4 addresses; 2000::/3 is what has been handed out, less documentation and benchmarking.
        if (head == 0x0064FF9B && !address[4..12].ContainsAnyExcept((byte)0))
        {
            return Of4(address[12..]);
        }

        var documentation = head == 0x20010DB8 || In(head, 0x3FFF0000, 20);
        var benchmarking = head == 0x20010002 && address[4] == 0 && address[5] == 0;
        return In(head, 0x20000000, 3) && !documentation && !benchmarking ? IpScope.GlobalUnicast : IpScope.Reserved;
    }

    private static bool In(uint ip, uint network, int bits) => ((ip ^ network) >> (32 - bits)) == 0;
}
