using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Libp2p.Swarm.Resources.Networks;

/// <summary>A network that connections come from: an IPv4 address, an IPv6 /56 or /48.</summary>
/// <param name="Bits">Of the prefix; 32 is IPv4.</param>
/// <param name="Prefix">Its bits, highest first.</param>
internal readonly record struct NetworkKey(byte Bits, ulong Prefix)
{
    public static NetworkKey Narrow(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? Of(address, 32) : Of(address, 56);

    /// <summary>Null: IPv4 addresses are in no site.</summary>
    public static NetworkKey? Site(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? null : Of(address, 48);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Prefix);
        return Bits == 32 ? new IPAddress(bytes[..4]).ToString() : $"{new IPAddress(bytes)}/{Bits}";
    }

    private static NetworkKey Of(IPAddress address, byte bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return new NetworkKey(bits, BinaryPrimitives.ReadUInt64BigEndian(bytes) >> (64 - bits) << (64 - bits));
    }
}
