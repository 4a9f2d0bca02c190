using System.Text;
using Google.Protobuf;
using Libp2p.Wire;

namespace Libp2p.Generators.Tests.Wire.Oracle;

/// <summary>A view holds what the owning type holds: rebuilt from the view, a message encodes to the same bytes.</summary>
public class ViewTests
{
    private const int Messages = 3000;

    [Fact]
    public void Identify()
    {
        var random = new RandomMessages(seed: 5);
        for (var i = 0; i < Messages; i++)
        {
            foreach (var message in Several(random, global::Identify.Pb.Identify.Descriptor))
            {
                if (Ours.Identify.View.TryParse(message, out var view, out _))
                {
                    Own(view).ToArray().ShouldBe(Ours.Identify.Parse(message).ToArray());
                }
            }
        }
    }

    [Fact]
    public void Everything_of_proto3()
    {
        var random = new RandomMessages(seed: 6);
        var compared = 0;
        for (var i = 0; i < Messages; i++)
        {
            foreach (var message in Several(random, All3.All.Descriptor))
            {
                if (Ours.Three.All.View.TryParse(message, out var view, out _))
                {
                    Own(view).ToArray().ShouldBe(Ours.Three.All.Parse(message).ToArray(), Convert.ToHexString(message));
                    compared++;
                }
            }
        }

        compared.ShouldBeGreaterThan(Messages);
    }

    private static IEnumerable<byte[]> Several(RandomMessages random, Google.Protobuf.Reflection.MessageDescriptor schema)
    {
        var sound = random.Sound(schema, depth: 2).ToByteArray();
        return [sound, random.Odd(schema), random.Damaged(sound)];
    }

    private static Ours.Identify Own(Ours.Identify.View view)
    {
        var own = new Ours.Identify
        {
            ProtocolVersion = view.HasProtocolVersion ? Text(view.ProtocolVersion) : null,
            AgentVersion = view.HasAgentVersion ? Text(view.AgentVersion) : null,
            PublicKey = Bytes(view.HasPublicKey, view.PublicKey),
            ObservedAddr = Bytes(view.HasObservedAddr, view.ObservedAddr),
            SignedPeerRecord = Bytes(view.HasSignedPeerRecord, view.SignedPeerRecord),
        };
        foreach (var address in view.ListenAddrs)
        {
            own.ListenAddrs.Add(address.ToArray());
        }

        foreach (var protocol in view.Protocols)
        {
            own.Protocols.Add(Text(protocol));
        }

        own.ListenAddrs.Count.ShouldBe(view.ListenAddrs.Count);
        return own;
    }

    private static Ours.Three.All Own(Ours.Three.All.View view)
    {
        var own = new Ours.Three.All
        {
            ADouble = view.ADouble,
            AFloat = view.AFloat,
            AnInt32 = view.AnInt32,
            AnInt64 = view.AnInt64,
            AUint32 = view.AUint32,
            AUint64 = view.AUint64,
            ASint32 = view.ASint32,
            ASint64 = view.ASint64,
            AFixed32 = view.AFixed32,
            AFixed64 = view.AFixed64,
            ASfixed32 = view.ASfixed32,
            ASfixed64 = view.ASfixed64,
            ABool = view.ABool,
            Shape = view.Shape,
            AString = Text(view.AString),
            SomeBytes = view.SomeBytes.ToArray(),
            Again = view.HasAgain ? Own(view.Again) : null,
            MaybeInt32 = view.HasMaybeInt32 ? view.MaybeInt32 : null,
            MaybeString = view.HasMaybeString ? Text(view.MaybeString) : null,
            MaybeBytes = Bytes(view.HasMaybeBytes, view.MaybeBytes),
            Text = view.HasText ? Text(view.Text) : null,
        };
        if (view.HasNumber)
        {
            own.Number = view.Number;
        }

        if (view.HasMessage)
        {
            own.Message = Own(view.Message);
        }

        if (view.HasRaw)
        {
            own.Raw = view.Raw.ToArray();
        }

        if (view.HasForm)
        {
            own.Form = view.Form;
        }

        foreach (var item in view.Doubles)
        {
            own.Doubles.Add(item);
        }

        foreach (var item in view.Int32s)
        {
            own.Int32s.Add(item);
        }

        foreach (var item in view.Uint64s)
        {
            own.Uint64s.Add(item);
        }

        foreach (var item in view.Sint64s)
        {
            own.Sint64s.Add(item);
        }

        foreach (var item in view.Fixed64s)
        {
            own.Fixed64s.Add(item);
        }

        foreach (var item in view.Bools)
        {
            own.Bools.Add(item);
        }

        foreach (var item in view.Strings)
        {
            own.Strings.Add(Text(item));
        }

        foreach (var item in view.Blobs)
        {
            own.Blobs.Add(item.ToArray());
        }

        foreach (var item in view.Shapes)
        {
            own.Shapes.Add(item);
        }

        foreach (var item in view.Agains)
        {
            own.Agains.Add(Own(item));
        }

        return own;
    }

    private static ReadOnlyMemory<byte>? Bytes(bool there, ReadOnlySpan<byte> bytes) => there ? bytes.ToArray() : default(ReadOnlyMemory<byte>?);

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
