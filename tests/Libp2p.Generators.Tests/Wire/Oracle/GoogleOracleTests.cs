using Google.Protobuf;
using Google.Protobuf.Reflection;
using Libp2p.Wire;

namespace Libp2p.Generators.Tests.Wire.Oracle;

/// <summary>Our codecs against Google.Protobuf, which protoc made from the same schemas: same bytes, same verdicts, same content.</summary>
public class GoogleOracleTests
{
    private const int Messages = 1500;

    [Theory]
    [MemberData(nameof(Pair.All), MemberType = typeof(Pair), DisableDiscoveryEnumeration = true)]
    public void Sound_messages_come_back_byte_for_byte(Pair pair)
    {
        var random = new RandomMessages(seed: 1);
        for (var i = 0; i < Messages; i++)
        {
            var message = random.Sound(pair.Schema).ToByteArray();
            pair.Ours(message, out var again).ShouldBe(WireError.None, Convert.ToHexString(message));
            again.ShouldBe(message);
            pair.View(message).ShouldBe(WireError.None);
        }
    }

    [Theory]
    [MemberData(nameof(Pair.All), MemberType = typeof(Pair), DisableDiscoveryEnumeration = true)]
    public void Odd_messages_get_the_same_verdict_and_content(Pair pair)
    {
        var random = new RandomMessages(seed: 2);
        for (var i = 0; i < Messages; i++)
        {
            Compare(pair, random.Odd(pair.Schema));
        }
    }

    [Theory]
    [MemberData(nameof(Pair.All), MemberType = typeof(Pair), DisableDiscoveryEnumeration = true)]
    public void Damaged_messages_get_the_same_verdict_and_content(Pair pair)
    {
        var random = new RandomMessages(seed: 3);
        for (var i = 0; i < Messages; i++)
        {
            Compare(pair, random.Damaged(random.Sound(pair.Schema).ToByteArray()));
            Compare(pair, random.Damaged(random.Odd(pair.Schema)));
            Compare(pair, random.Bytes());
        }
    }

    [Theory]
    [MemberData(nameof(Pair.All), MemberType = typeof(Pair), DisableDiscoveryEnumeration = true)]
    public void Every_prefix_gets_the_same_verdict_and_content(Pair pair)
    {
        var random = new RandomMessages(seed: 4);
        for (var i = 0; i < 10; i++)
        {
            var message = random.Sound(pair.Schema, depth: 2).ToByteArray();
            for (var length = 0; length <= message.Length; length++)
            {
                Compare(pair, message[..length]);
            }
        }
    }

    private static void Compare(Pair pair, byte[] message)
    {
        var error = pair.Ours(message, out var ours);
        var google = pair.Google(message);
        var hex = Convert.ToHexString(message);
        switch (error)
        {
            case WireError.None:
                google.ShouldNotBeNull($"only we accept {hex}");
                ours.ShouldBe(google, hex);
                break;

            // Google's decoder drops the excess bits of numbers that do not fit, and takes wire types 6 and 7 for empty. We refuse, as go does.
            case WireError.VarintOverflow or WireError.FieldNumberOutOfRange or WireError.LengthOutOfRange or WireError.InvalidWireType:

            // Limits are ours.
            case WireError.FieldTooLong or WireError.TooManyElements or WireError.MessageTooLarge:
                break;
            default:
                google.ShouldBeNull($"only we refuse ({error}) {hex}");
                break;
        }

        // A view does not merge the pieces of a submessage; pieces may also be incomplete alone.
        var view = pair.View(message);
        if (view != WireError.SplitMessage && !(view == WireError.MissingRequiredField && pair.Schema.Fields.InDeclarationOrder().Any(field => field.FieldType == FieldType.Message)))
        {
            (view == WireError.None).ShouldBe(error == WireError.None, $"{view}, not {error}: {hex}");
        }
    }
}
