using CsCheck;

namespace Libp2p.Multiformats.Tests.Multiaddrs;

public class MultiaddrBinaryTests
{
    private static readonly byte[][] Known =
        [.. Vectors.Json("multiaddr/text_bytes.json").EnumerateArray().Select(e => Convert.FromHexString(e.GetProperty("hex").GetString()!))];

    [Theory]
    [InlineData("", "no bytes")]
    [InlineData("0604d204", "/ip4 has 0 of 4 bytes")]
    [InlineData("860004d2", "not minimal")]
    [InlineData("01", "no protocol with code 1")]
    [InlineData("80", "truncated")]
    [InlineData("35", "length's varint is truncated")]
    [InlineData("3500", "is empty")]
    [InlineData("350261", "/dns has 1 of 2 bytes")]
    [InlineData("35ffffffffffffffff7f", "of 9223372036854775807 bytes")]
    [InlineData("35022f61", "has a slash")]
    [InlineData("2a012f", "has a slash")]
    [InlineData("c103012f", "has a slash")]
    [InlineData("9003026162", "does not start with a slash")]
    [InlineData("9003012f", "empty path")]
    [InlineData("9003022f61060001", "follows the path")]
    [InlineData("a50305000211aabb", "follow the digest")]
    [InlineData("a503041202aabb", "has 32 bytes")]
    [InlineData("a503041102aabb", "neither sha2-256 nor identity")]
    [InlineData("d20300", "is empty")]
    [InlineData("d2030112", "truncated")]
    [InlineData("bc03000000000000000000000000", "port 0")]
    [InlineData("be030100", "fewer than 386")]
    [InlineData("bf032200000000000000000000000000000000000000000000000000000000000000000000", "neither 32 bytes")]
    public void Row71_and_other_invalid_bytes_are_refused(string hex, string reason)
    {
        var bytes = Convert.FromHexString(hex);

        Multiaddr.TryDecode(bytes, out var address, out var error).ShouldBeFalse();
        address.ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain(reason);
        Should.Throw<MultiformatException>(() => Multiaddr.Decode(bytes)).Message.ShouldBe(error);
    }

    [Theory]
    [InlineData("3501ff", "/dns/\ufffd")]
    [InlineData("3502e282", "/dns/\ufffd\ufffd")]
    [InlineData("3503e282ac", "/dns/€")]
    [InlineData("a503020000", "/p2p/11")]
    [InlineData("2bff", "/ipcidr/255")]
    [InlineData("89060000000000000001", "/memory/1")]
    public void Bytes_become_text(string hex, string text)
    {
        var address = Multiaddr.Decode(Convert.FromHexString(hex));

        address.ToString().ShouldBe(text);
        Convert.ToHexStringLower(address.Span).ShouldBe(hex);
    }

    [Fact]
    public void Limits_hold_for_bytes()
    {
        byte[] ws = [0xdd, 0x03];
        var most = Enumerable.Repeat(ws, Multiaddr.MaxComponents).SelectMany(b => b).ToArray();

        Multiaddr.Decode(most).Components.Count().ShouldBe(Multiaddr.MaxComponents);
        Multiaddr.TryDecode([.. most, .. ws], out _, out _).ShouldBeFalse();

        byte[] header = [0x35, 0xfd, 0x7f];
        Multiaddr.TryDecode([.. header, .. Enumerable.Repeat((byte)'a', 16381)], out _, out _).ShouldBeTrue();
        Multiaddr.TryDecode([0x35, 0xfe, 0x7f, .. Enumerable.Repeat((byte)'a', 16382)], out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Mutated_bytes_are_refused_or_survive_both_forms() =>
        Gen.Select(Gen.OneOf(Known), Gen.Int[0, 600], Gen.Byte, Gen.Int[0, 3]).Sample((known, at, value, edit) =>
        {
            at %= known.Length;
            byte[] bytes = edit switch
            {
                0 => [.. known[..at], value, .. known[(at + 1)..]],
                1 => [.. known[..at], .. known[(at + 1)..]],
                2 => [.. known[..at], value, .. known[at..]],
                _ => [.. known, .. known[..at]],
            };
            if (!Multiaddr.TryDecode(bytes, out var address, out var error))
            {
                error.ShouldNotBeNullOrWhiteSpace();
                return;
            }

            address.Span.SequenceEqual(bytes).ShouldBeTrue();
            var text = address.ToString();
            string.Concat(address.Components.Select(component => component.ToString())).ShouldBe(text);
            if (!text.Contains('\ufffd'))
            {
                Multiaddr.Parse(text).ShouldBe(address);
            }
        });

    [Fact]
    public void Random_bytes_never_throw_anything_else() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        if (Multiaddr.TryDecode(bytes, out var address, out _))
        {
            address.ToString().ShouldStartWith("/");
        }
    });

    [Fact]
    public void Equality_and_order_are_those_of_the_bytes()
    {
        var addresses = Known.Select(bytes => Multiaddr.Decode(bytes)).ToList();

        foreach (var a in addresses)
        {
            foreach (var b in addresses)
            {
                (a == b).ShouldBe(a.Span.SequenceEqual(b.Span));
                (a != b).ShouldBe(!a.Span.SequenceEqual(b.Span));
                Math.Sign(a.CompareTo(b)).ShouldBe(Math.Sign(a.Span.SequenceCompareTo(b.Span)));
                if (a.Equals((object)b))
                {
                    a.GetHashCode().ShouldBe(b.GetHashCode());
                }
            }

            a.CompareTo(null).ShouldBeGreaterThan(0);
            a.Equals(null).ShouldBeFalse();
            (a == null).ShouldBeFalse();
        }
    }
}
