using System.Security.Cryptography;
using Libp2p.Multiformats;

namespace Libp2p.Endurance.StoreKills;

/// <summary>What is written, by number: the writer and who looks at it afterwards agree.</summary>
internal static class StoreWork
{
    public static DatastoreKey Place(int round) => $"/kills/{round}";

    public static byte[] Value(int n)
    {
        var value = new byte[n * 37 % 700];
        for (var i = 0; i < value.Length; i++) value[i] = (byte)(n + (i * 31));
        return value;
    }

    public static PeerId Peer(int round, int n)
    {
        Span<byte> multihash = stackalloc byte[34];
        multihash[0] = 0x12;
        multihash[1] = 32;
        SHA256.HashData([.. BitConverter.GetBytes(round), .. BitConverter.GetBytes(n)], multihash[2..]);
        return PeerId.FromBytes(multihash);
    }

    public static Multiaddr Address(int n) => Multiaddr.Parse($"/ip4/192.0.2.{n % 250}/tcp/{1 + (n % 60_000)}");
}

/// <summary>What was done, and acknowledged.</summary>
internal enum StoreAck
{
    /// <summary>A value was put.</summary>
    Put,

    /// <summary>A value was put, and deleted again.</summary>
    Deleted,

    /// <summary>A value was put, and synced.</summary>
    Synced,

    /// <summary>Three values were put in a batch, two of them in place of those of the batch before.</summary>
    Batch,

    /// <summary>A peer's address, protocols and metadata were given to the peerstore, and flushed.</summary>
    Peer,

    /// <summary>A peer was removed from the peerstore, and flushed.</summary>
    Removed,
}
