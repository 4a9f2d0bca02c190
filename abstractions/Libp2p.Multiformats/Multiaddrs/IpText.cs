using System.Buffers.Binary;
using System.Globalization;

namespace Libp2p.Multiformats;

/// <summary>
/// IP addresses as text, strictly: dotted decimal without leading zeros; RFC 4291 for IPv6, written as RFC 5952 says. <see cref="System.Net.IPAddress"/>
/// reads far more (octal, short forms, scopes, brackets), which other implementations refuse.
/// </summary>
internal static class IpText
{
    private const int Groups = 8;

    public static bool TryParse4(ReadOnlySpan<char> text, Span<byte> address)
    {
        for (var i = 0; i < 4; i++)
        {
            var end = i < 3 ? text.IndexOf('.') : text.Length;
            if (end is < 1 or > 3 || (end > 1 && text[0] == '0') || !byte.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out address[i]))
            {
                return false;
            }

            text = text[Math.Min(end + 1, text.Length)..];
        }

        return text.IsEmpty;
    }

    public static bool TryParse6(ReadOnlySpan<char> text, Span<byte> address)
    {
        address.Clear();
        var gap = -1;
        var group = 0;
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
            if (text.IsEmpty)
            {
                return true;
            }
        }

        while (true)
        {
            var end = text.IndexOf(':');
            var digits = end < 0 ? text : text[..end];
            if (end < 0 && digits.Contains('.'))
            {
                if (group > Groups - 2 || !TryParse4(digits, address[(group * 2)..]))
                {
                    return false;
                }

                group += 2;
                break;
            }

            if (group == Groups || digits.Length is 0 or > 4
                || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(address[(group++ * 2)..], value);
            if (end < 0)
            {
                break;
            }

            text = text[(end + 1)..];
            if (text is [':', ..])
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = group;
                text = text[1..];
                if (text.IsEmpty)
                {
                    break;
                }
            }
        }

        if (gap < 0)
        {
            return group == Groups;
        }

        // "::" stands for at least one group.
        if (group == Groups)
        {
            return false;
        }

        var tail = (group - gap) * 2;
        address.Slice(gap * 2, tail).CopyTo(address[^tail..]);
        address[(gap * 2)..^tail].Clear();
        return true;
    }

    public static void Format4(ReadOnlySpan<byte> address, ref ValueBuffer<char> output)
    {
        for (var i = 0; i < 4; i++)
        {
            if (i > 0)
            {
                output.Append('.');
            }

            FormatNumber(address[i], ref output);
        }
    }

    public static void Format6(ReadOnlySpan<byte> address, ref ValueBuffer<char> output)
    {
        if (IsMapped4(address))
        {
            output.Append("::ffff:");
            Format4(address[12..], ref output);
            return;
        }

        var (gap, gapLength) = LongestZeroRun(address);
        for (var group = 0; group < Groups; group++)
        {
            if (group == gap)
            {
                output.Append("::");
                group += gapLength - 1;
                continue;
            }

            if (group > 0 && group != gap + gapLength)
            {
                output.Append(':');
            }

            var span = output.Reserve(4);
            BinaryPrimitives.ReadUInt16BigEndian(address[(group * 2)..]).TryFormat(span, out var written, "x", CultureInfo.InvariantCulture);
            output.Shrink(4 - written);
        }
    }

    public static void FormatNumber(ulong value, ref ValueBuffer<char> output)
    {
        var span = output.Reserve(20);
        value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        output.Shrink(20 - written);
    }

    /// <summary>Whether the address is an IPv4 one in IPv6's clothes: ::ffff:0:0/96.</summary>
    public static bool IsMapped4(ReadOnlySpan<byte> address) =>
        address.Length == 16 && !address[..10].ContainsAnyExcept((byte)0) && address[10] == 0xff && address[11] == 0xff;

    // RFC 5952 section 4.2: the longest run of two zero groups or more, the first of equals; (-1, 0) when there is none.
    private static (int Start, int Length) LongestZeroRun(ReadOnlySpan<byte> address)
    {
        var (start, length) = (-1, 0);
        for (var group = 0; group < Groups;)
        {
            var run = address[(group * 2)..].IndexOfAnyExcept((byte)0);
            run = (run < 0 ? (Groups - group) * 2 : run) / 2;
            if (run > Math.Max(length, 1))
            {
                (start, length) = (group, run);
            }

            group += run + 1;
        }

        return (start, length);
    }
}
