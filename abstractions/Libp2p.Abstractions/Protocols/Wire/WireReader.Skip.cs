namespace Libp2p.Wire;

public ref partial struct WireReader
{
    /// <summary>Passes over the value of a field that the schema does not know, groups included.</summary>
    /// <param name="tag">The tag just read.</param>
    public void Skip(uint tag) => Skip(tag, _depth);

    /// <summary>Passes over an unknown field and keeps it: its tag and value are appended to <paramref name="kept"/>.</summary>
    /// <param name="tag">The tag just read.</param>
    /// <param name="kept">Unknown fields so far.</param>
    /// <returns>All unknown fields, in the order met.</returns>
    public byte[] Keep(uint tag, byte[]? kept)
    {
        var start = _fieldStart;
        var buffer = _buffer;
        Skip(tag);
        return _error != WireError.None ? kept ?? [] : [.. kept ?? [], .. buffer[start.._position]];
    }

    private void Skip(uint tag, int depth)
    {
        switch ((WireType)(tag & 7))
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                ReadFixed64();
                break;
            case WireType.Length:
                ReadBytes();
                break;
            case WireType.StartGroup:
                SkipGroup(tag, depth - 1);
                break;
            case WireType.EndGroup:
                Fail(WireError.UnbalancedGroup);
                break;
            case WireType.Fixed32:
                ReadFixed32();
                break;
            default:
                Fail(WireError.InvalidWireType);
                break;
        }
    }

    private void SkipGroup(uint start, int depth)
    {
        if (depth <= 0)
        {
            Fail(WireError.TooDeep);
            return;
        }

        while (ReadTag() is var tag and not 0)
        {
            if ((WireType)(tag & 7) == WireType.EndGroup)
            {
                if (tag >> 3 != start >> 3)
                {
                    Fail(WireError.UnbalancedGroup);
                }

                return;
            }

            Skip(tag, depth);
        }

        // The message ended first; an earlier error keeps its name.
        Fail(WireError.UnbalancedGroup);
    }
}
