using System.Buffers.Binary;
using System.Globalization;
using Libp2p.Multiformats;

namespace Libp2p.Transports.Memory;

/// <summary>Between multiaddrs and numbers: <c>/memory/N</c>, nothing before or after it, N an unsigned number of 64 bits.</summary>
internal static class MemoryAddress
{
    public static bool Fits(Multiaddr address) => TryGet(address, out _);

    /// <summary>The number of an address.</summary>
    /// <exception cref="AddressException">Not an address of this transport.</exception>
    public static ulong ToNumber(Multiaddr address) => TryGet(address, out var number) ? number : throw MemoryErrors.Address(address);

    public static Multiaddr FromNumber(ulong number) => Multiaddr.Parse(string.Create(CultureInfo.InvariantCulture, $"/memory/{number}"));

    private static bool TryGet(Multiaddr address, out ulong number)
    {
        number = 0;
        var count = 0;
        foreach (var component in address.Components)
        {
            if (count++ > 0 || component.Protocol.Code != MultiaddrProtocol.Codes.Memory)
            {
                return false;
            }

            number = BinaryPrimitives.ReadUInt64BigEndian(component.Value);
        }

        return count == 1;
    }
}
