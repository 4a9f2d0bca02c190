using System.ComponentModel;
using System.Text.Json;

namespace Libp2p.Multiformats.Tests.Multiaddrs;

public class MultiaddrConversionTests
{
    private const string Text = "/ip4/127.0.0.1/tcp/4001";

    [Fact]
    public void Json_is_the_text()
    {
        var address = Multiaddr.Parse(Text);

        JsonSerializer.Serialize(address).ShouldBe($"\"{Text}\"");
        JsonSerializer.Deserialize<Multiaddr>($"\"{Text}\"").ShouldBe(address);
        JsonSerializer.Deserialize<Multiaddr?>("null").ShouldBeNull();
        var keyed = JsonSerializer.Serialize(new Dictionary<Multiaddr, int> { [address] = 1 });
        keyed.ShouldBe($$"""{"{{Text}}":1}""");
        JsonSerializer.Deserialize<Dictionary<Multiaddr, int>>(keyed)!.Keys.Single().ShouldBe(address);
    }

    [Theory]
    [InlineData("\"/tcp\"")]
    [InlineData("5")]
    [InlineData("{}")]
    public void Other_json_is_refused(string json) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Multiaddr>(json));

    [Fact]
    public void Type_converters_read_and_write_text()
    {
        var converter = TypeDescriptor.GetConverter(typeof(Multiaddr));

        converter.CanConvertFrom(typeof(string)).ShouldBeTrue();
        converter.ConvertFromInvariantString(Text).ShouldBe(Multiaddr.Parse(Text));
        converter.ConvertToInvariantString(Multiaddr.Parse(Text)).ShouldBe(Text);
        Should.Throw<MultiformatException>(() => converter.ConvertFromInvariantString("nonsense"));
    }

    [Fact]
    public void It_parses_and_formats_generically()
    {
        ParseAs<Multiaddr>(Text).ToString().ShouldBe(Text);
        TryParseAs<Multiaddr>("nonsense").ShouldBeFalse();
        TryParseAs<Multiaddr>(null).ShouldBeFalse();
        $"{Multiaddr.Parse(Text)}".ShouldBe(Text);
        string.Create(null, stackalloc char[4], $"<{Multiaddr.Parse(Text)}>").ShouldBe($"<{Text}>");

        static T ParseAs<T>(string text)
            where T : ISpanParsable<T>
        {
            T.Parse(text.AsSpan(), null).ShouldBe(T.Parse(text, null));
            return T.Parse(text, null);
        }

        static bool TryParseAs<T>(string? text)
            where T : ISpanParsable<T> => T.TryParse(text, null, out _) | T.TryParse(text.AsSpan(), null, out _);
    }
}
