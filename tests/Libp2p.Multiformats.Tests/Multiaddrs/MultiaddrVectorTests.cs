namespace Libp2p.Multiformats.Tests.Multiaddrs;

public class MultiaddrVectorTests
{
    public static TheoryData<string> Valid => Vectors.Theory("multiaddr/go_valid_text.json");

    public static TheoryData<string> Invalid => Vectors.Theory("multiaddr/invalid_text.json");

    public static TheoryData<string, string> Pairs =>
        [.. Vectors.Json("multiaddr/text_bytes.json").EnumerateArray().Select(e => (e.GetProperty("text").GetString()!, e.GetProperty("hex").GetString()!))];

    [Theory]
    [MemberData(nameof(Valid))]
    public void What_go_reads_is_read_and_survives_both_forms(string text)
    {
        var address = Multiaddr.Parse(text);

        Multiaddr.Parse(address.ToString()).ShouldBe(address);
        Multiaddr.Decode(address.Span).ToString().ShouldBe(address.ToString());
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_go_refuses_is_refused_with_a_reason(string text)
    {
        Multiaddr.TryParse(text, out var address, out var error).ShouldBeFalse();

        address.ShouldBeNull();
        error.ShouldNotBeNullOrWhiteSpace();
        Should.Throw<MultiformatException>(() => Multiaddr.Parse(text)).Message.ShouldBe(error);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Text_and_bytes_correspond(string text, string hex)
    {
        Convert.ToHexStringLower(Multiaddr.Parse(text).Span).ShouldBe(hex);
        Multiaddr.Decode(Convert.FromHexString(hex)).ToString().ShouldBe(text);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_prefix_of_the_bytes_is_an_address_of_fewer_components_or_refused(string text, string hex)
    {
        var bytes = Convert.FromHexString(hex);
        for (var length = 0; length < bytes.Length; length++)
        {
            if (Multiaddr.TryDecode(bytes.AsSpan(0, length), out var prefix, out var error))
            {
                text.ShouldStartWith(prefix.ToString());
                prefix.Components.Count().ShouldBeLessThan(Multiaddr.Parse(text).Components.Count());
            }
            else
            {
                error.ShouldNotBeNullOrWhiteSpace();
            }
        }
    }
}
