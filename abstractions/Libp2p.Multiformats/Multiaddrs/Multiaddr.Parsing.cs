using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Multiformats;

public sealed partial class Multiaddr
{
    /// <summary>Reads text such as <c>/dns4/example.com/tcp/443/tls/ws</c>. Slashes at the end are ignored.</summary>
    /// <exception cref="MultiformatException">The text is no multiaddr or exceeds a limit; the message says which part.</exception>
    public static Multiaddr Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address, out var error) ? address : throw new MultiformatException(error);

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static Multiaddr Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <summary>Reads text; false where <see cref="Parse(string)"/> throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Multiaddr? address) => TryParse(text, out address, out _);

    /// <summary>Reads text; false with the reason where <see cref="Parse(string)"/> throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Multiaddr? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        if (text.Length > MaxTextLength)
        {
            error = $"multiaddr: {text.Length} characters are more than {MaxTextLength}";
            return false;
        }

        var output = new ValueBuffer<byte>(stackalloc byte[256]);
        try
        {
            error = ParseComponents(text, ref output);
            if (error is null)
            {
                address = new Multiaddr(output.Written);
                return true;
            }

            error = $"multiaddr '{Excerpt(text)}': {error}";
            return false;
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Reads the binary form, copying it.</summary>
    /// <exception cref="MultiformatException">The bytes are no multiaddr or exceed a limit; the message says where.</exception>
    public static Multiaddr Decode(ReadOnlySpan<byte> bytes) => TryDecode(bytes, out var address, out var error) ? address : throw new MultiformatException(error);

    /// <summary>Reads the binary form, copying it; false with the reason where <see cref="Decode"/> throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Multiaddr? address, [NotNullWhen(false)] out string? error)
    {
        error = ValidateComponents(bytes);
        address = error is null ? new Multiaddr(bytes) : null;
        return address is not null;
    }

    static Multiaddr IParsable<Multiaddr>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Multiaddr>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Multiaddr result) =>
        TryParse(s, out result, out _);

    static Multiaddr ISpanParsable<Multiaddr>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<Multiaddr>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Multiaddr result) =>
        TryParse(s, out result, out _);

    private static string? ParseComponents(ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        if (text is not ['/', ..])
        {
            return text.IsEmpty ? "the text is empty" : "does not start with a slash";
        }

        text = text.TrimEnd('/');
        if (text.IsEmpty)
        {
            return "has no components";
        }

        for (var count = 1; text.Length > 0; count++)
        {
            if (count > MaxComponents)
            {
                return $"has more than {MaxComponents} components";
            }

            var name = TakeSegment(ref text);
            if (!MultiaddrProtocol.TryGet(name, out var protocol))
            {
                return $"component {count}: '{Excerpt(name)}' is no known protocol";
            }

            var value = ReadOnlySpan<char>.Empty;
            if (protocol.HasValue)
            {
                if (text.IsEmpty)
                {
                    return $"component {count}: /{protocol.Name} needs a value";
                }

                value = protocol.IsPath ? text : TakeSegment(ref text);
                text = protocol.IsPath ? default : text;
            }

            var error = AppendComponent(protocol, value, ref output);
            if (error is not null)
            {
                return $"component {count}, /{protocol.Name}: '{Excerpt(value)}' {error}";
            }
        }

        return null;
    }

    // The text starts with a slash: takes what is between it and the next.
    private static ReadOnlySpan<char> TakeSegment(scoped ref ReadOnlySpan<char> text)
    {
        var rest = text[1..];
        var end = rest.IndexOf('/');
        var segment = end < 0 ? rest : rest[..end];
        text = rest[segment.Length..];
        return segment;
    }

    private static string? AppendComponent(MultiaddrProtocol protocol, ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        var value = new ValueBuffer<byte>(stackalloc byte[128]);
        try
        {
            return (protocol.HasValue ? MultiaddrValue.Parse(protocol, text, ref value) : null) ?? AppendComponent(protocol, value.Written, ref output);
        }
        finally
        {
            value.Dispose();
        }
    }

    private static string? AppendComponent(MultiaddrProtocol protocol, scoped ReadOnlySpan<byte> value, ref ValueBuffer<byte> output)
    {
        if (protocol.Size >= 0 && value.Length != protocol.Size / 8)
        {
            return $"has {value.Length} bytes instead of {protocol.Size / 8}";
        }

        if (MultiaddrValue.Validate(protocol, value) is { } error)
        {
            return error;
        }

        if (output.Length + value.Length + (2 * UnsignedVarint.MaxLength) > MaxLength)
        {
            return $"makes the address longer than {MaxLength} bytes";
        }

        AppendVarint((ulong)protocol.Code, ref output);
        if (protocol.Size < 0)
        {
            AppendVarint((ulong)value.Length, ref output);
        }

        output.Append(value);
        return null;
    }

    private static void AppendVarint(ulong number, ref ValueBuffer<byte> output) => UnsignedVarint.Write(output.Reserve(UnsignedVarint.GetLength(number)), number);

    /// <summary>Null when the bytes are a multiaddr, else what is wrong and where.</summary>
    private static string? ValidateComponents(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "multiaddr: no bytes";
        }

        if (bytes.Length > MaxLength)
        {
            return $"multiaddr: {bytes.Length} bytes are more than {MaxLength}";
        }

        var previous = default(MultiaddrProtocol);
        for (int at = 0, count = 1; at < bytes.Length; count++)
        {
            if (count > MaxComponents)
            {
                return $"multiaddr: more than {MaxComponents} components";
            }

            if (previous.IsPath)
            {
                return $"multiaddr: byte {at} follows the path of /{previous.Name}, which ends an address";
            }

            var status = UnsignedVarint.TryRead(bytes[at..], out var code, out var codeLength);
            if (status != VarintStatus.Done)
            {
                return $"multiaddr: at byte {at} the protocol's {UnsignedVarint.Describe(status)}";
            }

            if (!MultiaddrProtocol.TryGet(code, out var protocol))
            {
                return $"multiaddr: at byte {at} there is no protocol with code {code}";
            }

            at += codeLength;
            var length = (ulong)Math.Max(protocol.Size, 0) / 8;
            if (protocol.Size < 0)
            {
                status = UnsignedVarint.TryRead(bytes[at..], out length, out var lengthLength);
                if (status != VarintStatus.Done)
                {
                    return $"multiaddr: at byte {at} the length's {UnsignedVarint.Describe(status)} (/{protocol.Name})";
                }

                at += lengthLength;
            }

            if (length > (ulong)(bytes.Length - at))
            {
                return $"multiaddr: at byte {at} the value of /{protocol.Name} has {bytes.Length - at} of {length} bytes";
            }

            if (MultiaddrValue.Validate(protocol, bytes.Slice(at, (int)length)) is { } error)
            {
                return $"multiaddr: at byte {at} the value of /{protocol.Name} {error}";
            }

            at += (int)length;
            previous = protocol;
        }

        return null;
    }

    private static string Excerpt(ReadOnlySpan<char> text) => text.Length <= 80 ? text.ToString() : $"{text[..80]}...";
}
