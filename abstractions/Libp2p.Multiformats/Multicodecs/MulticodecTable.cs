using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Libp2p.Multiformats;

/// <summary>Look-ups in the multicodec registry: code, name, tag, status. Binary searches over static data; safe from any thread.</summary>
public static class MulticodecTable
{
    private const int MaxNameLength = 64;

    private static readonly string?[] NameCache = new string?[MulticodecData.Count];

    /// <summary>How many codes the registry has.</summary>
    public static int Count => MulticodecData.Count;

    /// <summary>Every code of the registry, ascending.</summary>
    public static IEnumerable<Multicodec> Codes
    {
        get
        {
            for (var row = 0; row < MulticodecData.Count; row++)
            {
                yield return (Multicodec)MulticodecData.Codes[row];
            }
        }
    }

    /// <summary>Whether the registry has the code.</summary>
    public static bool IsRegistered(Multicodec codec) => Row(codec) >= 0;

    /// <summary>The name of a code, as the registry spells it.</summary>
    public static bool TryGetName(Multicodec codec, [NotNullWhen(true)] out string? name)
    {
        var row = Row(codec);
        name = row < 0 ? null : NameCache[row] ??= Encoding.UTF8.GetString(NameOf(row));
        return name is not null;
    }

    /// <summary>The name of a code in UTF-8; empty when the registry does not have it.</summary>
    public static ReadOnlySpan<byte> GetNameUtf8(Multicodec codec)
    {
        var row = Row(codec);
        return row < 0 ? default : NameOf(row);
    }

    /// <summary>The name of a code, or its hexadecimal value (<c>0x99999</c>) when the registry does not have it. For messages.</summary>
    public static string Describe(Multicodec codec) => TryGetName(codec, out var name) ? name : $"0x{(ulong)codec:x2}";

    /// <summary>The code of a name. Names are case-sensitive.</summary>
    public static bool TryGetCode(ReadOnlySpan<char> name, out Multicodec codec)
    {
        Span<byte> utf8 = stackalloc byte[MaxNameLength];
        if (name.Length > MaxNameLength || !Ascii.IsValid(name))
        {
            codec = default;
            return false;
        }

        return TryGetCode(utf8[..Encoding.UTF8.GetBytes(name, utf8)], out codec);
    }

    /// <inheritdoc cref="TryGetCode(ReadOnlySpan{char}, out Multicodec)"/>
    public static bool TryGetCode(ReadOnlySpan<byte> utf8Name, out Multicodec codec)
    {
        var (low, high) = (0, MulticodecData.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var row = MulticodecData.ByName[middle];
            var order = NameOf(row).SequenceCompareTo(utf8Name);
            if (order == 0)
            {
                codec = (Multicodec)MulticodecData.Codes[row];
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        codec = default;
        return false;
    }

    /// <summary>What a code is about, as the registry spells it: <c>multihash</c>, <c>multiaddr</c>, <c>ipld</c>, <c>key</c>, ...</summary>
    public static bool TryGetTag(Multicodec codec, [NotNullWhen(true)] out string? tag)
    {
        var row = Row(codec);
        tag = row < 0 ? null : MulticodecData.TagNames[MulticodecData.Tags[row]];
        return tag is not null;
    }

    /// <summary>The standing of a code.</summary>
    public static bool TryGetStatus(Multicodec codec, out MulticodecStatus status)
    {
        var row = Row(codec);
        status = row < 0 ? default : (MulticodecStatus)MulticodecData.Statuses[row];
        return row >= 0;
    }

    private static int Row(Multicodec codec) => (ulong)codec > uint.MaxValue ? -1 : MulticodecData.Codes.BinarySearch((uint)codec);

    private static ReadOnlySpan<byte> NameOf(int row)
    {
        var starts = MulticodecData.NameStarts;
        return MulticodecData.Names[starts[row]..starts[row + 1]];
    }
}
