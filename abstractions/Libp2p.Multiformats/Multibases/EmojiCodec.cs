using System.Buffers;
using System.Text;

namespace Libp2p.Multiformats;

/// <summary>base256emoji: one emoji a byte.</summary>
internal sealed class EmojiCodec() : BaseCodec("base256emoji")
{
    private static readonly Rune[] Alphabet = [.. (
        "🚀🪐☄🛰🌌🌑🌒🌓🌔🌕🌖🌗🌘🌍🌏🌎🐉☀💻🖥💾💿😂❤😍🤣😊🙏💕😭😘👍😅👏😁🔥🥰💔💖💙😢🤔😆🙄💪😉☺👌🤗💜😔😎😇🌹🤦🎉💞✌✨🤷😱😌🌸🙌" +
        "😋💗💚😏💛🙂💓🤩😄😀🖤😃💯🙈👇🎶😒🤭❣😜💋👀😪😑💥🙋😞😩😡🤪👊🥳😥🤤👉💃😳✋😚😝😴🌟😬🙃🍀🌷😻😓⭐✅🥺🌈😈🤘💦✔😣🏃💐☹🎊💘😠☝" +
        "😕🌺🎂🌻😐🖕💝🙊😹🗣💫💀👑🎵🤞😛🔴😤🌼😫⚽🤙☕🏆🤫👈😮🙆🍻🍃🐶💁😲🌿🧡🎁⚡🌞🎈❌✊👋😰🤨😶🤝🚶💰🍓💢🤟🙁🚨💨🤬✈🎀🍺🤓😙💟🌱😖👶" +
        "🥴▶➡❓💎💸⬇😨🌚🦋😷🕺⚠🙅😟😵👎🤲🤠🤧📌🔵💅🧐🐾🍒😗🤑🌊🤯🐷☎💧😯💆👆🎤🙇🍑❄🌴💣🐸💌📍🥀🤢👅💡💩👐📸👻🤐🤮🎼🥵🚩🍎🍊👼💍📣🥂").EnumerateRunes()];

    private static readonly Dictionary<Rune, byte> Values = Alphabet.Select((rune, i) => (rune, i)).ToDictionary(p => p.rune, p => (byte)p.i);

    public override void Encode(scoped ReadOnlySpan<byte> bytes, ref ValueBuffer<char> output)
    {
        foreach (var b in bytes)
        {
            Alphabet[b].EncodeToUtf16(output.Reserve(Alphabet[b].Utf16SequenceLength));
        }
    }

    public override bool TryDecode(scoped ReadOnlySpan<char> text, ref ValueBuffer<byte> output)
    {
        while (text.Length > 0)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done || !Values.TryGetValue(rune, out var value))
            {
                return false;
            }

            output.Append(value);
            text = text[consumed..];
        }

        return true;
    }
}
